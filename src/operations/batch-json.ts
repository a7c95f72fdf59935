import type { Answer } from '../model/answer.ts';
import type { ErrorDescription } from './describe-error.ts';
import type { BatchId, BatchItem } from './reachability-batch.ts';

/** The answer's fields beside its id, or an error: how a batch reads as JSON. */
export type BatchItemJson = ({ readonly id: BatchId } & Answer) | { readonly id: BatchId; readonly error: ErrorDescription };

export const batchItemJson = (item: BatchItem): BatchItemJson => (item.answer === null ? { id: item.id, error: item.error } : { id: item.id, ...item.answer });
