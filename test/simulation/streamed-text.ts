const lines = 20;

/** What a simulated provider streams for an attempt, whatever it answers then: told by the attempt and full of odd characters. */
export function streamedText(attemptId: string): string {
  return Array.from({ length: lines }, (_, line) => `${line} 🌊 ${attemptId} é\n`).join('');
}
