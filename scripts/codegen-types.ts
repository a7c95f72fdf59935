export const enumValues = {};
export const mappers = {};
