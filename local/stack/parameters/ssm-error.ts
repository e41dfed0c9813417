/** An error in SSM's own form. Its message may name a parameter, never hold a value. */
export class SsmError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message = "", status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

export const parameterNotFound = () => new SsmError("ParameterNotFound");
export const versionNotFound = (name: string) =>
  new SsmError("ParameterVersionNotFound", `Systems Manager could not find this version of ${name}.`);
export const alreadyExists = () =>
  new SsmError(
    "ParameterAlreadyExists",
    "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
  );
export const validation = (message: string) => new SsmError("ValidationException", message);
