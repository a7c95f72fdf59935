import { useSyncExternalStore } from 'react';
import { token } from '../client/token.ts';

export const useTokenVersion = (): number => useSyncExternalStore(token.watch, token.version);
