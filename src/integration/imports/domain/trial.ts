/**
 * Lines tried in one transaction. It sees what its own lines did, so a record that many lines speak of is counted as the
 * import will count it; and it locks what it finds, so that whoever changes the same records meanwhile waits. This many
 * take some ten seconds.
 */
export const LINES_OF_A_TRIAL = 50_000;
