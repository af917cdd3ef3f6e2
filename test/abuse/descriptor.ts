import { fileDescriptors } from '../../src/grpc/definition.ts';
import { decodeFields, numberOf, type WireField } from './wire.ts';

/** A field of a message, as google.protobuf.FieldDescriptorProto says it. */
export interface FieldShape {
  readonly name: string;
  readonly number: number;
  /** FieldDescriptorProto.Type. */
  readonly type: number;
  readonly repeated: boolean;
  /** Of messages and enums: `.package.Name`. */
  readonly typeName: string;
}

export interface MethodShape {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly name: string;
  readonly requestType: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** What the committed descriptor says about the API, read without any protobuf library. */
export interface Descriptor {
  /** Fields by `.package.Message`. */
  readonly messages: ReadonlyMap<string, readonly FieldShape[]>;
  readonly methods: readonly MethodShape[];
}

const repeatedLabel = 3;

/** The services of this package and every message they reach. */
export function readDescriptor(protoPackage = 'orchestrator.v1'): Descriptor {
  const messages = new Map<string, readonly FieldShape[]>();
  const methods: MethodShape[] = [];
  for (const bytes of fileDescriptors()) {
    const file = new Parts(Buffer.from(bytes));
    const scope = file.text(2);
    for (const message of file.parts(4)) addMessage(messages, `.${scope}`, message);
    if (scope !== protoPackage) continue;
    for (const service of file.parts(6)) {
      const path = `/${scope}.${service.text(1)}`;
      methods.push(...service.parts(2).map((method) => methodShape(path, method)));
    }
  }
  return { messages, methods };
}

function addMessage(messages: Map<string, readonly FieldShape[]>, scope: string, message: Parts): void {
  const name = `${scope}.${message.text(1)}`;
  messages.set(name, message.parts(2).map(fieldShape));
  for (const nested of message.parts(3)) addMessage(messages, name, nested);
}

function fieldShape(field: Parts): FieldShape {
  return {
    name: field.text(1),
    number: field.number(3),
    type: field.number(5),
    repeated: field.number(4) === repeatedLabel,
    typeName: field.text(6),
  };
}

function methodShape(service: string, method: Parts): MethodShape {
  return {
    path: `${service}/${method.text(1)}`,
    name: method.text(1),
    requestType: method.text(2),
    requestStream: method.number(5) === 1,
    responseStream: method.number(6) === 1,
  };
}

/** The fields of one message of a descriptor, by number. */
class Parts {
  readonly #fields: readonly WireField[];

  constructor(bytes: Buffer) {
    this.#fields = decodeFields(bytes);
  }

  /** Empty when absent. */
  text(number: number): string {
    return this.#last(number)?.toString('utf8') ?? '';
  }

  /** 0 when absent. */
  number(number: number): number {
    const payload = this.#last(number);
    return payload ? Number(numberOf(payload)) : 0;
  }

  parts(number: number): Parts[] {
    return this.#fields.filter((field) => field.number === number).map(({ payload }) => new Parts(payload));
  }

  #last(number: number): Buffer | undefined {
    return this.#fields.findLast((field) => field.number === number)?.payload;
  }
}
