/** Which chats may ask, each by a secret of its own. */
export interface ChatSettings {
  readonly slack: SlackSettings | null;
  /** Token of a Mattermost slash command or outgoing webhook. */
  readonly mattermost: { readonly token: string } | null;
  /** Security token of a Microsoft Teams outgoing webhook, in base64. */
  readonly teams: { readonly secret: string } | null;
  /** Public key of a Discord application, 64 hexadecimal digits. */
  readonly discord: { readonly publicKey: string; readonly apiUrl: string } | null;
}

export interface SlackSettings {
  readonly signingSecret: string;
  /** Null: mentions are not answered. */
  readonly botToken: string | null;
  /** Those alone that may ask; empty: all of the workspace. */
  readonly teams: readonly string[];
  readonly channels: readonly string[];
  readonly users: readonly string[];
  readonly apiUrl: string;
  /** Where answers that come later may be sent. */
  readonly hooksUrl: string;
}

export const NO_CHATS: ChatSettings = { slack: null, mattermost: null, teams: null, discord: null };
