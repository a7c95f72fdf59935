/** `dropped-by-rule` → DROPPED_BY_RULE, `natRule` → NAT_RULE. */
export const enumName = (value: string) => value.replace(/-|(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
