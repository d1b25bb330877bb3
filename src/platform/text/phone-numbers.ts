import { Injectable } from '@nestjs/common';
import parsePhoneNumber, { getCountries, type CountryCode } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import { AppConfig, ConfigurationError } from '../config/config.js';

/** Telephone numbers as people write them. A number without a country code is read as one of `DEFAULT_REGION`. */
@Injectable()
export class PhoneNumbers {
  private readonly region: CountryCode;

  /** @throws ConfigurationError for a region that has no telephone numbers. */
  constructor({ defaultRegion }: AppConfig) {
    const region = getCountries(metadata).find((country) => country === defaultRegion);
    if (!region) throw new ConfigurationError(`DEFAULT_REGION="${defaultRegion}" is no country with telephone numbers. Set it to one such as CN.`);
    this.region = region;
  }

  /**
   * E.164, e.g. `+8613812345678`; undefined if it has too few or too many digits for its country. Whether the number is in use, or its
   * range already given out, is not asked: numbering plans change faster than libraries.
   */
  readonly e164 = (text: string): string | undefined => {
    const number = parsePhoneNumber(text, this.region, metadata);
    return number?.isPossible() ? number.number : undefined;
  };
}
