/**
 * Stands in the stored text for a byte that fits no character. U+FDD0 is one of the noncharacters that Unicode keeps for
 * use inside programs (chapter 23.7), so no file has it for its own.
 */
export const UNDECODABLE = '\uFDD0';

/** As people see such a place. */
export const REPLACEMENT = '\uFFFD';
