/** Version of the messages between page, sandbox document and worker; in its own file, since the document needs nothing else. */
export const protocolVersion = 1;
