import type { Notice } from '../../src/model/notice.ts';

/** web no longer reaches db:5432, but for what is given. */
export function noticeOf(given: Partial<Notice>): Notice {
  const { intent = 'web must reach db:5432', after = 'BROKEN' } = given;
  const finding = { intent, state: after, sentence: 'A rule drops it.', cause: null, witness: null, flows: 1, failing: 1, undecided: 0 };
  return {
    id: 7,
    key: `12 ${intent}`,
    at: '2026-11-21T10:32:04.000Z',
    snapshotId: 12,
    intent,
    before: 'HOLDS',
    after,
    finding: { ...finding, complete: true, needs: [], candidates: [] },
    changes: null,
    text: 'web no longer reaches db:5432',
    deliveries: [],
    ...given,
  };
}
