import * as v from "valibot";
import { operation } from "../wire/operation.ts";
import { changeUser, userMembers } from "./find-user.ts";
import { phoneConfig } from "./user-members.ts";
import { checkPhone, listsBeside } from "./user-rules.ts";

export const updateUserPhoneConfig = operation({
  name: "UpdateUserPhoneConfig",
  method: "POST",
  path: "/users/{InstanceId}/{UserId}/phone-config",
  input: v.object({ ...userMembers, PhoneConfig: phoneConfig }),
  carryOut(request, world) {
    changeUser(request, world, ({ channelConfigs }) => {
      checkPhone(request.PhoneConfig);
      return {
        phoneConfig: request.PhoneConfig,
        channelConfigs: listsBeside(request.PhoneConfig, channelConfigs),
      };
    });
    return undefined;
  },
});
