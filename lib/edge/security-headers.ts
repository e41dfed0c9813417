import httpSecurityHeaders from "@middy/http-security-headers";

/**
 * What concerns answers in JSON. The rest of what there is concerns pages in a browser, or promises something of a domain that
 * may hold more than this API.
 */
const choices = {
  contentTypeOptions: { action: "nosniff" as const },
  referrerPolicy: { policy: "no-referrer" as const },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false, preload: false },
  dnsPrefetchControl: false,
  downloadOptions: false,
  originAgentCluster: false,
  permittedCrossDomainPolicies: false,
  poweredBy: false,
  // Its types do not know it, and without this it sends the header with nothing in it.
  reportingEndpoints: false,
};

export const securityHeaders = () => httpSecurityHeaders(choices);
