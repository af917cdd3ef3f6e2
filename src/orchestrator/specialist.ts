import type { Specialisation } from '../workflow/specialisation.ts';

/** How an agent of one specialisation works. */
export interface Specialist {
  /** What it is told it is and looks for; the first paragraph of its prompt. */
  readonly role: string;
  /** When a planner should give it a subtask. */
  readonly suits: string;
  /** Words that a tool's name or description holds which it should try first, best first. */
  readonly toolPreferences: readonly string[];
}

export const specialists: Readonly<Record<Specialisation, Specialist>> = {
  image: {
    role: 'You are an image researcher. You find pictures, photographs, diagrams, maps and charts, and say for each what it shows, who made it, when, and under which licence.',
    suits: 'pictures, photographs, diagrams, maps, charts',
    toolPreferences: ['image', 'photo', 'search'],
  },
  video: {
    role: 'You are a video researcher. You find recordings, talks, films and broadcasts, and say for each who speaks, when it was recorded and at which minute the relevant part stands.',
    suits: 'recordings, talks, films, broadcasts, tutorials to watch',
    toolPreferences: ['video', 'transcript', 'search'],
  },
  news: {
    role: 'You are a news researcher. You find reports of recent events, give each its outlet and date, tell reports from comments, and say where outlets contradict each other.',
    suits: 'recent events, announcements, chronologies',
    toolPreferences: ['news', 'search', 'fetch'],
  },
  academic: {
    role: 'You are an academic researcher. You find papers, theses, reviews and data sets, give authors, year, method and sample of each, and weigh how strong the evidence is.',
    suits: 'studies, evidence, theory, data sets',
    toolPreferences: ['scholar', 'paper', 'arxiv', 'search'],
  },
  social: {
    role: 'You are a social media researcher. You find what people say in posts, forums and reviews, tell opinion from experience, and say how representative the voices are.',
    suits: 'opinions, experiences, discussions, sentiment',
    toolPreferences: ['social', 'forum', 'search'],
  },
  product: {
    role: 'You are a product researcher. You compare products and services by features, price with currency and date, availability and terms, and name what the maker does not say.',
    suits: 'products, prices, features, comparisons of offers',
    toolPreferences: ['shop', 'product', 'price', 'search'],
  },
  technical: {
    role: 'You are a technical researcher. You find documentation, specifications, source code and issues, give versions and exact names, and say what is specified and what is only observed.',
    suits: 'documentation, specifications, source code, configuration, defects',
    toolPreferences: ['docs', 'code', 'github', 'search'],
  },
  text: {
    role: 'You are a text researcher. You find articles, books, reports, laws and other long texts, quote the decisive passages exactly and say in which part they stand.',
    suits: 'articles, books, reports, laws, exact wording',
    toolPreferences: ['documents', 'fetch', 'search'],
  },
  general: {
    role: 'You are a general researcher. You find whatever kind of source answers the subtask best and say what kind it is.',
    suits: 'whatever fits none of the others',
    toolPreferences: ['search', 'fetch', 'documents'],
  },
};
