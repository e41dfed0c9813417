import { isSupportedCountry, parsePhoneNumberWithError } from "libphonenumber-js/max";

export type PhoneNumberReading = { kind: "valid"; e164: string } | { kind: "invalid"; problem: string };

/** E.164, or any national form together with the ISO 3166-1 alpha-2 country that it is written for. */
export function readPhoneNumber(text: string, country?: string): PhoneNumberReading {
  if (country !== undefined && !isSupportedCountry(country)) {
    return invalid("is for a country that is not known: use an ISO 3166-1 alpha-2 code such as US");
  }
  if (country === undefined && !text.trim().startsWith("+")) {
    return invalid("is neither E.164 (+12065550100) nor accompanied by destinationCountry");
  }
  try {
    const number = parsePhoneNumberWithError(text, {
      ...(country && { defaultCountry: country }),
      extract: false,
    });
    if (number.ext) return invalid("has an extension, which cannot be dialled");
    if (!number.isValid()) return invalid("is not a number that exists in its numbering plan");
    return { kind: "valid", e164: number.number };
  } catch (error) {
    return invalid(
      `cannot be read as a phone number (${error instanceof Error ? error.message : "unreadable"})`,
    );
  }
}

function invalid(problem: string): PhoneNumberReading {
  return { kind: "invalid", problem };
}
