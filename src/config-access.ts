/** The part of the configuration that says how the service is reached from elsewhere, and by whom. */
import { z } from 'zod';

const url = z
  .string()
  .refine((text) => /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : ''), 'must be an http or https URL, for example https://netwhy.example.org')
  .transform((text) => text.replace(/\/+$/, ''));

export const accessShape = { publicUrl: url.optional() };

export interface Access {
  /** Where people reach the service, for links; no slash at its end. Null: they ask it by the address that it listens on. */
  readonly publicUrl: string | null;
}

type Written = { readonly [K in keyof typeof accessShape]?: z.output<(typeof accessShape)[K]> };

export const readAccess = ({ publicUrl }: Written): Access => ({ publicUrl: publicUrl ?? null });
