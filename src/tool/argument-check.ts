import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/client/validators/cf-worker';
import type { JsonSchema } from './tool-source.ts';

/** Says in words what is wrong with a value, or undefined when it fits. Never throws. */
export type ArgumentCheck = (value: unknown) => string | undefined;

/** Interprets schemas: one that a tool server wrote must not become code of ours. */
const validator = new CfWorkerJsonSchemaValidator({ shortcircuit: false });

/** The check for a schema. One that cannot be understood refuses everything, and says so. */
export function argumentCheck(schema: JsonSchema): ArgumentCheck {
  try {
    const validate = validator.getValidator(schema);
    return (value) => {
      try {
        const { valid, errorMessage } = validate(value);
        return valid ? undefined : (errorMessage ?? 'they do not fit the schema');
      } catch (error) {
        return `they cannot be checked (${messageOf(error)})`;
      }
    };
  } catch (error) {
    const problem = `the tool's schema cannot be read (${messageOf(error)})`;
    return () => problem;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
