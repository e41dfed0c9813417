import type { ListPhoneNumbersSummary, ListPhoneNumbersV2Response } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import type { Instance, PhoneNumber } from "../instance/instance.ts";
import { absentOr, instanceId, resourceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { pageMembers, pageOf } from "../wire/pages.ts";
import { invalidParameter, resourceNotFound } from "../wire/wire-error.ts";
import type { World } from "../world.ts";
import { chained, mapped, type Source } from "./chained.ts";
import { countryCode, isCountryCode } from "./country-codes.ts";

const numberType = v.picklist(
  ["TOLL_FREE", "DID", "UIFN", "SHARED", "THIRD_PARTY_TF", "THIRD_PARTY_DID", "SHORT_CODE"],
  "is not a type of telephone numbers",
);

const input = v.object({
  TargetArn: absentOr(resourceId),
  InstanceId: absentOr(instanceId),
  PhoneNumberCountryCodes: absentOr(
    v.pipe(v.array(countryCode), v.maxLength(10, "must have at most 10 entries")),
  ),
  PhoneNumberTypes: absentOr(v.pipe(v.array(numberType), v.maxLength(6, "must have at most 6 entries"))),
  PhoneNumberPrefix: absentOr(
    v.pipe(v.string(), v.regex(/^\+?[0-9]{1,11}$/, "must be 1 to 11 digits, with a + before them or not")),
  ),
  ...pageMembers(),
});

type Input = v.InferOutput<typeof input>;

export const listPhoneNumbersV2 = operation({
  name: "ListPhoneNumbersV2",
  method: "POST",
  path: "/phone-number/list",
  badInput: "InvalidParameterException",
  input,
  carryOut(request, world) {
    const { MaxResults, NextToken, ...filters } = request;
    const wanted = filterOf(request);
    const sources = instancesOf(request, world).map((instance) => numbersOf(instance, wanted));
    const { rows, nextToken } = pageOf(chained(sources), request, ["ListPhoneNumbersV2", filters]);
    return {
      ListPhoneNumbersSummaryList: rows,
      NextToken: nextToken,
    } satisfies OnTheWire<ListPhoneNumbersV2Response>;
  },
});

function instancesOf({ TargetArn, InstanceId }: Input, world: World): Instance[] {
  if (TargetArn !== null && InstanceId !== null) {
    throw invalidParameter("TargetArn: cannot be given together with InstanceId");
  }
  if (InstanceId !== null) return [findInstance(InstanceId, world)];
  const all = [...world.instances.values()];
  if (TargetArn === null) return all;
  const target = all.filter(({ place }) => place.instanceArn === TargetArn);
  if (target.length === 0) throw resourceNotFound(`TargetArn: there is no instance ${TargetArn}`);
  return target;
}

/** An empty list filters nothing. */
function filterOf({ PhoneNumberCountryCodes, PhoneNumberTypes, PhoneNumberPrefix }: Input) {
  const countries: readonly string[] = PhoneNumberCountryCodes ?? [];
  const types: readonly string[] = PhoneNumberTypes ?? [];
  const digits = PhoneNumberPrefix?.replace("+", "") ?? "";
  return ({ number, countryCode, type }: PhoneNumber): boolean =>
    (countries.length === 0 || countries.includes(countryCode)) &&
    (types.length === 0 || types.includes(type)) &&
    number.startsWith(`+${digits}`);
}

const numbersOf = (
  { id, place, phoneNumbers }: Instance,
  wanted: (number: PhoneNumber) => boolean,
): Source<OnTheWire<ListPhoneNumbersSummary>> =>
  mapped(
    phoneNumbers,
    (number) => ({
      PhoneNumberId: number.id,
      PhoneNumberArn: place.phoneNumberArn(number.id),
      PhoneNumber: number.number,
      PhoneNumberCountryCode: isCountryCode(number.countryCode) ? number.countryCode : undefined,
      PhoneNumberType: number.type,
      TargetArn: place.instanceArn,
      InstanceId: id,
    }),
    wanted,
  );
