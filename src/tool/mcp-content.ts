import type { CallToolResult } from '@modelcontextprotocol/client';

/** What a tool answered, as text: models read nothing else here, so other content is named and not carried. */
export function mcpText({ content, structuredContent }: CallToolResult): string {
  const parts = content.map((block) => {
    switch (block.type) {
      case 'text':
        return block.text;
      case 'image':
      case 'audio':
        return `[${block.type} ${block.mimeType}, left out]`;
      case 'resource_link':
        return `[resource ${block.name}: ${block.uri}]`;
      case 'resource':
        return 'text' in block.resource ? block.resource.text : `[resource ${block.resource.uri}, left out]`;
    }
    return '[content of an unknown kind, left out]';
  });
  if (parts.length > 0 || structuredContent === undefined) return parts.join('\n');
  return JSON.stringify(structuredContent);
}
