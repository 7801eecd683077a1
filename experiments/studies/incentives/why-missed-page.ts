/** Explanations of missed targets by row id; printed under the row's table while a target is missed. */
export const WHY_MISSED: Readonly<Record<string, readonly string[]>> = {
  D1: [
    "On skewed shards an honest update may lower the score of its round, and `fedavg` merges only updates above 0, clipped to the median length: a likely reason for the gap there, not measured apart.",
  ],
  D2: [
    "Missed on skewed shards alone. What is measured is that part of a flipped update raises the score, and is paid and merged; a likely reason, not measured, is that the attackers hold samples of classes that the others hardly have.",
  ],
  D3: [
    "ALIE and min-max stay near the honest mean, and what they hand in raises the score: they are paid for that. No rule that pays by effect can tell it from weak honest work.",
  ],
  D4: [
    "An old update still points downhill, and noise does so by chance while the model is young: contribution pay buys the effect, whoever trained it. The contract knows copies within one round only. Old bytes could be refused by keeping digests for the whole job; one changed bit evades that. A noise floor stops noise, at the cost of small honest gains.",
  ],
  D5: [
    "Guessers that agree on a fingerprint count, however lazy: a client that fills in a fixed one is enough. In a committee they hold by a majority they are the consensus; elsewhere they are slashed as outliers only if theirs is the most frequent fingerprint, so they lose nothing, and are paid for attesting. What such a party can take is D6.",
    "Where most seats of a committee guess, each alone, no majority agrees: at 40 % that is a quarter of the committees, at 60 % most. Two in a row end the job early, with what was reached paid and the rest refunded. Nobody who guesses gains by it.",
  ],
  D6: [
    "A party needs most seats of a committee, whatever the others see: with 6 of 20 locks it holds four of seven in 7.8 % of the draws, which is above the 5 % already. Two captured committees in a row take the whole price list, which is what the largest figures are. More seats are the remedy: of nine it holds most in 3.8 %, of eleven in 1.2 %.",
  ],
  D7: ["A silent minority delays a round by its periods and loses its own stake; what is missed above is named there."],
  D9: [
    "On private holdouts honest scores differ, and nothing on chain can tell an honest difference from a lie: such jobs slash silence alone.",
  ],
  D10: [
    "Three trainers who show each seat other files leave no two honest seats that compute the same: nobody counts, both attempts fail, the job ends and refunds. Where seats serve each other what they have before they score, all see the same, so it rests on the content layer.",
  ],
  D11: [
    "Scaling an update up brings its length to the median where it was below: that is the whole gain, and no more at ten times than at two. With one budget a round, whatever is achieved, noise takes its part of pay that nobody earned: a price list pays nothing there.",
    "The leak is of the confirmed best, not of pay: the list is read a margin of one standard error lower.",
  ],
};
