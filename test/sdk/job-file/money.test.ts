import { expect } from "chai";
import fc from "fast-check";

import { CommonweightError } from "@commonweight/sdk/errors";
import { MAX_AMOUNT } from "@commonweight/sdk/protocol/limits";
import { formatMoney, parseMoney, showMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";

const native: TokenFormat = { decimals: 18, symbol: "ETH", native: true };
const usdc: TokenFormat = { decimals: 6, symbol: "USDC" };

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof CommonweightError) return error.code;
    throw error;
  }
  return undefined;
}

describe("money", () => {
  for (const text of [
    "",
    "-1",
    "1e3",
    "0x10",
    "1,5",
    "1.",
    ".5",
    "NaN",
    "1 2",
    "1_000",
    "9".repeat(41),
    "1 ether gwei",
  ]) {
    it(`refuses "${text}"`, () => expect(codeOf(() => parseMoney(text, native))).to.equal("MONEY_INVALID"));
  }
  it("refuses what is finer than the token's smallest unit", () => {
    expect(codeOf(() => parseMoney("0.0000001", usdc))).to.equal("MONEY_INVALID");
    expect(codeOf(() => parseMoney("0.5 wei", native))).to.equal("MONEY_INVALID");
  });
  it("refuses the native coin's units and other symbols for a token", () => {
    expect(codeOf(() => parseMoney("1 gwei", usdc))).to.equal("MONEY_INVALID");
    expect(codeOf(() => parseMoney("1 DAI", usdc))).to.equal("MONEY_INVALID");
  });
  it("refuses more than the contract takes", () => {
    expect(parseMoney(`${MAX_AMOUNT} wei`, native)).to.equal(MAX_AMOUNT);
    expect(codeOf(() => parseMoney(`${MAX_AMOUNT + 1n} wei`, native))).to.equal("MONEY_INVALID");
  });
  it("counts whole tokens without a unit", () => {
    expect(parseMoney("10", usdc)).to.equal(10_000_000n);
    expect(parseMoney(" 0.250000000 ", usdc)).to.equal(250_000n);
  });
  it("takes the symbol and the native coin's units", () => {
    expect(parseMoney("1.5 USDC", usdc)).to.equal(1_500_000n);
    expect(parseMoney("30gwei", native)).to.equal(30_000_000_000n);
    expect(parseMoney("2 ether", native)).to.equal(2n * 10n ** 18n);
    expect(parseMoney("1.0 wei", native)).to.equal(1n);
  });
  it("shows at most six significant digits to a person, and every digit before the point", () => {
    const shown = (text: string) => showMoney(parseMoney(text, native), native);
    expect(shown("1.123456789012345678")).to.equal("1.12346 ETH");
    expect(shown("101.123456789012345678")).to.equal("101.123 ETH");
    expect(shown("0.00123456789")).to.equal("0.00123457 ETH");
    expect(shown("0.999999999")).to.equal("1 ETH");
    expect(shown("1 wei")).to.equal("0.000000000000000001 ETH");
    expect(shown("123456789.5")).to.equal("123456790 ETH");
    expect(shown("12345678.4")).to.equal("12345678 ETH");
    expect(showMoney(0n, native)).to.equal("0 ETH");
    expect(showMoney(1_234_567n, { decimals: 0, symbol: "T" })).to.equal("1234567 T");
  });
  it("writes what it reads, exactly", () => {
    expect(formatMoney(250_000n, usdc)).to.equal("0.25 USDC");
    const amounts = fc.bigInt({ min: 0n, max: MAX_AMOUNT });
    const decimals = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(amounts, decimals, (amount, digits) => {
        const format = { decimals: digits, symbol: "T" };
        return parseMoney(formatMoney(amount, format), format) === amount;
      }),
    );
  });
});
