export const animals = {} as const
