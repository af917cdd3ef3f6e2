export { redact, redacted, secretCharsMin } from '../workflow/redaction.ts';
