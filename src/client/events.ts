import type { MoveBody } from '../api/contract.ts';

/** An event of a stream: its number where it has one, and the move where it tells of one. */
interface StreamEvent {
  readonly id: number | null;
  readonly move: MoveBody | null;
}

/** Server-sent events of a response; one that the connection cuts off is left out, and comes again. */
export async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) yield eventOf(block);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string): StreamEvent {
  const fields = new Map(
    block.split('\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(': ');
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 2)]];
    }),
  );
  const id = Number(fields.get('id') ?? Number.NaN);
  const data = fields.get('event') === 'move' ? fields.get('data') : undefined;
  return { id: Number.isSafeInteger(id) ? id : null, move: data === undefined ? null : (JSON.parse(data) as MoveBody) };
}
