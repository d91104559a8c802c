import { defineCollection, z } from "astro:content";
import { glob } from "astro/loaders";

const text = z.object({
  title: z.string(), slug: z.string(), summary: z.string(), date: z.date(),
  categories: z.array(z.string()).default([]), topics: z.array(z.string()).default([]),
});

export const collections = {
  texts: defineCollection({ loader: glob({ pattern: "**/*.md", base: "content", generateId: ({ entry }) => entry }), schema: text }),
};
