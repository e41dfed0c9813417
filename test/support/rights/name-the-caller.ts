/** Loaded into a function's process before the function: the SDK then says in each request which function makes it. */
process.env["AWS_SDK_UA_APP_ID"] = process.env["AWS_LAMBDA_FUNCTION_NAME"];
