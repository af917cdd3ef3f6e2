import type { Blob } from '../store/event-store.ts';
import { isTerminal } from '../workflow/status.ts';
import type { ActivityEnd } from './activities.ts';
import { conclude } from './conclusion.ts';
import type { Draft } from './draft.ts';
import { keptTexts } from './material.ts';
import { admit, pause, recover } from './transition.ts';

/** What happened to a workflow or is asked of it; handled in order, several in one append. */
export type Intent =
  | ActivityEnd
  /** A slot was given. */
  | { readonly type: 'admit' }
  /** This process has taken it over. */
  | { readonly type: 'recover' }
  /** Time has passed, or something outside of the log has changed: look again. */
  | { readonly type: 'look' }
  | { readonly type: 'cancel'; readonly reason: string | undefined; readonly done: () => void }
  | { readonly type: 'pause'; readonly reason: string | undefined; readonly done: () => void }
  | { readonly type: 'resume'; readonly done: () => void }
  | { readonly type: 'conclude'; readonly done: () => void };

export function isActivityEnd(intent: Intent): intent is ActivityEnd {
  return intent.type === 'call_ended' || intent.type === 'tool_ended' || intent.type === 'rendered';
}

const none: readonly never[] = [];

/** Adds what an intent means in this state; one that has become meaningless adds nothing. Answers the blobs it brings. */
export function applyIntent(
  draft: Draft,
  intent: Intent,
  waitedMs: (agentId: string) => number,
): readonly Blob[] {
  const { status } = draft.state;
  switch (intent.type) {
    case 'admit':
      if (status === 'pending') admit(draft);
      return none;
    case 'recover':
      recover(draft);
      return none;
    case 'call_ended': {
      const { agentId, turn, attempt } = intent.end;
      const open = draft.state.agents.get(agentId)?.openCall;
      // A call that was settled as stopped has been charged in full already; its late report changes nothing.
      if (open?.turn === turn && open.attempt === attempt && !isTerminal(status)) draft.add(intent.end);
      return none;
    }
    case 'tool_ended': {
      const { end, start, texts } = intent.end;
      const call = draft.state.agents
        .get(end.agentId)
        ?.toolCalls.find(({ turn, callId }) => turn === end.turn && callId === end.callId);
      // One that was stopped, or started again since, is not this one any more.
      if (call?.startTime === undefined || call.starts !== start || isTerminal(status)) return none;
      const kept = keptTexts(draft.state);
      draft.add(end);
      return texts
        .filter(({ sha256 }) => !kept.has(sha256))
        .map(({ sha256, text }) => ({ sha256, bytes: Buffer.from(text, 'utf8') }));
    }
    case 'rendered': {
      const { format, event, blob } = intent.end;
      if (status !== 'running' || draft.state.documents.get(format)?.status !== 'started') return none;
      draft.add(event);
      return blob ? [blob] : [];
    }
    case 'look':
      return none;
    case 'cancel':
      if (status !== 'pending' && status !== 'running' && status !== 'paused') return none;
      draft.add({
        type: 'cancellation_requested',
        ...(intent.reason !== undefined && { reason: intent.reason }),
      });
      return none;
    case 'pause':
      if (status === 'pending' || status === 'running') pause(draft, intent.reason, waitedMs);
      return none;
    case 'resume':
      if (status === 'paused') draft.add({ type: 'workflow_resumed' });
      return none;
    case 'conclude':
      conclude(draft, 'caller');
      return none;
  }
  throw new Error(`unknown intent ${JSON.stringify(intent)}`);
}
