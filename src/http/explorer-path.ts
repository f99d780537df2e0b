// The path of the explorer.

export const EXPLORER_PATH = '/explorer';
