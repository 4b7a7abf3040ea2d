import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallSurroundings, readCall } from '../../src/ingest/call.ts';

const RECEIVED = Date.UTC(2026, 2, 10, 12);
const AROUND: CallSurroundings = {
  receivedAt: RECEIVED,
  sentAt: null,
  context: undefined,
  kind: null,
  accountProperty: null,
  newId: () => 'new-id',
};

const read = (raw: unknown, around: Partial<CallSurroundings> = {}) => readCall(raw, { ...AROUND, ...around });
const call = (raw: unknown, around: Partial<CallSurroundings> = {}) => {
  const reading = read(raw, around);
  if ('refusal' in reading) throw new Error(`${reading.refusal.field}: ${reading.refusal.message}`);
  return reading.call;
};
const refusal = (raw: unknown) => {
  const reading = read(raw);
  return 'refusal' in reading ? [reading.refusal.reason, reading.refusal.field] : null;
};

describe('a call of the tracking API', () => {
  it('states an event with flattened properties', () => {
    const { arrivals } = call({
      type: 'track',
      userId: 7,
      event: 'report_exported',
      messageId: 'm1',
      timestamp: '2026-03-01T10:00:00.000Z',
      context: { groupId: 'acme' },
      properties: { format: 'pdf', size: { pages: 3, big: false }, tags: ['a', 'b'], nothing: null, empty: '' },
    });
    expect(arrivals).toEqual([
      {
        into: 'events',
        event: 'report_exported',
        time: Date.UTC(2026, 2, 1, 10),
        user_id: '7',
        account_id: 'acme',
        message_id: 'm1',
        session_id: '',
        properties: { format: 'pdf', 'size.pages': '3', 'size.big': 'false', tags: '["a","b"]' },
      },
    ]);
  });

  it('corrects the sender’s clock by how far it was off when it sent', () => {
    const raw = { type: 'track', userId: 'u', event: 'e', timestamp: '2026-03-10T13:58:00Z' };
    // The sender's clock is two hours ahead: it sends at 14:00 what arrives at 12:00, two minutes after it happened.
    expect(call(raw, { sentAt: '2026-03-10T14:00:00Z' }).time).toBe(RECEIVED - 120_000);
    expect(call(raw).time).toBe(RECEIVED);
    expect(call({ ...raw, timestamp: '2020-01-01' }, { sentAt: '2026-03-10T12:00:00Z' }).time).toBe(
      Date.UTC(2020, 0, 1),
    );
    expect(call({ type: 'track', userId: 'u', event: 'e' }).time).toBe(RECEIVED);
  });

  it('lets the call’s own account win over the batch’s, and the context over the property', () => {
    const raw = { type: 'track', userId: 'u', event: 'e', properties: { org: 'by-property' } };
    const shared = { context: { groupId: 'batch' }, accountProperty: 'org' };
    expect(call({ ...raw, context: { groupId: 'own' } }, shared)).toMatchObject({
      accountId: 'own',
      namedBy: 'context',
    });
    expect(call(raw, shared)).toMatchObject({ accountId: 'batch', namedBy: 'context' });
    expect(call(raw, { accountProperty: 'org' })).toMatchObject({ accountId: 'by-property', namedBy: 'property' });
    expect(call(raw)).toMatchObject({ accountId: '', namedBy: null });
  });

  it('turns identify, group and alias into links, memberships and attributes', () => {
    const time = RECEIVED;
    expect(call({ type: 'identify', userId: 'u', anonymousId: 'a', traits: { email: 'u@x.io' } }).arrivals).toEqual([
      { into: 'identities', user_id: 'u', anonymous_id: 'a', previous_id: '', time },
      { into: 'traits', entity: 'user', user_id: 'u', account_id: '', name: 'email', value: 'u@x.io', time },
    ]);
    const traits = { employees: 20, createdAt: '2025-01-02T00:00:00Z' };
    expect(call({ type: 'group', userId: 'u', groupId: 'acme', traits }).arrivals).toEqual([
      { into: 'accounts', account_id: 'acme', time: Date.UTC(2025, 0, 2) },
      { into: 'users', account_id: 'acme', user_id: 'u', time },
      { into: 'traits', entity: 'account', user_id: '', account_id: 'acme', name: 'employees', value: '20', time },
    ]);
    expect(call({ type: 'alias', userId: 'u', previousId: 'old' }).arrivals).toEqual([
      { into: 'identities', user_id: 'u', anonymous_id: '', previous_id: 'old', time },
    ]);
    expect(call({ userId: 'u', name: 'Pricing', properties: { path: '/p' } }, { kind: 'page' }).arrivals).toMatchObject(
      [{ event: 'page_viewed', properties: { path: '/p', name: 'Pricing' } }],
    );
  });

  it.each([
    [null, 'shape', ''],
    [[], 'shape', ''],
    [{ type: 'tracked', userId: 'u' }, 'value', 'type'],
    [{ type: 'track', event: 'e' }, 'missing', 'userId'],
    [{ type: 'track', userId: 'u' }, 'missing', 'event'],
    [{ type: 'track', userId: 'u', event: 3 }, 'value', 'event'],
    [{ type: 'track', userId: 'u', event: 'e'.repeat(501) }, 'too-large', 'event'],
    [{ type: 'track', userId: { id: 1 }, event: 'e' }, 'value', 'userId'],
    [{ type: 'track', userId: 'a\u0000b', event: 'e' }, 'value', 'userId'],
    [{ type: 'track', userId: '\ud800', event: 'e' }, 'value', 'userId'],
    [{ type: 'track', userId: 'u', event: 'e', messageId: 'm'.repeat(101) }, 'too-large', 'messageId'],
    [{ type: 'track', userId: 'u', event: 'e', timestamp: 'yesterday' }, 'time', 'timestamp'],
    [{ type: 'track', userId: 'u', event: 'e', timestamp: '1970-01-01T00:00:00Z' }, 'time', 'timestamp'],
    [{ type: 'track', userId: 'u', event: 'e', properties: 'x' }, 'shape', 'properties'],
    [{ type: 'group', userId: 'u' }, 'missing', 'groupId'],
    [{ type: 'alias', userId: 'u' }, 'missing', 'previousId'],
    [{ type: 'alias', anonymousId: 'u', previousId: 'p' }, 'missing', 'userId'],
  ])('refuses %j with its field', (raw, reason, field) => {
    expect(refusal(raw)).toEqual([reason, field]);
  });

  it('reads or refuses anything at all, and what it reads can be written', () => {
    const key = fc.constantFrom(
      'type',
      'userId',
      'anonymousId',
      'event',
      'groupId',
      'traits',
      'properties',
      'timestamp',
      'context',
    );
    const type = fc.constantFrom('track', 'identify', 'group', 'page', 'alias');
    const raw = fc.oneof(
      fc.jsonValue(),
      fc
        .tuple(type, fc.dictionary(key, fc.jsonValue({ noUnicodeString: false })))
        .map(([kind, rest]) => ({ ...rest, type: kind })),
      fc.record({
        type,
        userId: fc.string({ unit: 'binary' }),
        event: fc.string({ unit: 'binary' }),
        properties: fc.object(),
      }),
    );
    fc.assert(
      fc.property(raw, (value) => {
        const reading = read(value);
        if ('refusal' in reading) return reading.refusal.message !== '';
        const text = JSON.stringify(reading.call.arrivals);
        return !/\\ud[89a-f]/i.test(text) && reading.call.time <= RECEIVED;
      }),
      { numRuns: 2_000, seed: 4 },
    );
  });
});
