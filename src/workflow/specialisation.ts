/** What a search agent may be specialised in. The names are persisted and part of the API, so they are only added to. */
export const specialisations = [
  'image',
  'video',
  'news',
  'academic',
  'social',
  'product',
  'technical',
  'text',
  'general',
] as const;
export type Specialisation = (typeof specialisations)[number];

/** How people see a specialisation. */
export interface Badge {
  readonly label: string;
  /** One sign for trees and headings. */
  readonly icon: string;
  /** Of a terminal, as `util.styleText` names it. */
  readonly colour: 'magenta' | 'red' | 'yellow' | 'blue' | 'cyan' | 'green' | 'gray' | 'white';
}

const badges: Readonly<Record<Specialisation, Badge>> = {
  image: { label: 'Images', icon: '🖼', colour: 'magenta' },
  video: { label: 'Video', icon: '🎬', colour: 'red' },
  news: { label: 'News', icon: '📰', colour: 'yellow' },
  academic: { label: 'Academic', icon: '🎓', colour: 'blue' },
  social: { label: 'Social media', icon: '💬', colour: 'cyan' },
  product: { label: 'Products', icon: '🛒', colour: 'green' },
  technical: { label: 'Technical', icon: '🔧', colour: 'gray' },
  text: { label: 'Texts', icon: '📄', colour: 'white' },
  general: { label: 'General', icon: '🔍', colour: 'cyan' },
};

/** The badge of a subtask's type; undefined where it has none, or one that this build does not know. */
export function badgeOf(type: string | undefined): Badge | undefined {
  return isSpecialisation(type) ? badges[type] : undefined;
}

export function isSpecialisation(name: unknown): name is Specialisation {
  return (specialisations as readonly unknown[]).includes(name);
}
