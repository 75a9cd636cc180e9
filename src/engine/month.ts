/** How long a month is wherever money is counted by it. */

/** Hours of a mean month: 365 × 24 ÷ 12. */
export const HOURS_PER_MONTH = 730;
