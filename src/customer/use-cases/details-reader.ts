import { Injectable } from '@nestjs/common';
import { PhoneNumbers } from '../../platform/text/phone-numbers.js';
import { dayOf } from '../domain/calendar-date.js';
import { readDetails, type Details, type DetailsInput } from '../domain/details.js';
import { FieldProblems } from '../domain/field-problems.js';

/** What callers give, in its normal form. */
@Injectable()
export class DetailsReader {
  constructor(private readonly phones: PhoneNumbers) {}

  /** @throws DomainError `rule/invalid_customer` that names every wrong field. */
  read(input: DetailsInput, at: Date): Partial<Details> {
    const problems = new FieldProblems();
    const details = this.readInto(problems, input, at);
    problems.throwIfAny();
    return details;
  }

  /** As `read`, leaving what to do about problems to the caller. */
  readInto(problems: FieldProblems, input: DetailsInput, at: Date): Partial<Details> {
    return readDetails(input, { readPhone: this.phones.e164, today: dayOf(at), problems });
  }
}
