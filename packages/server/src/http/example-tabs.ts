/** Queries to begin with: the explorer opens them, `start` prints them, a test runs them. */

export const examples: { title: string; query: string }[] = [
  {
    title: 'who leads the network, and what it answers',
    query: `query Network {
  network(slug: "alba-bra") {
    name
    members(first: 10, role: LEAD) {
      nodes { organization { name kind } }
    }
    needAreas(first: 10, top: true) {
      nodes { code name children { code name } }
    }
  }
}`,
  },
  {
    title: 'what there is in Bra for those who care for the elderly',
    query: `query ServicesNearBra {
  network(slug: "alba-bra") {
    services(
      first: 5
      filter: { needAreas: ["elderly-care"], municipality: "Bra" }
    ) {
      totalCount
      nodes { name organization { name } phones { number } }
    }
  }
}`,
  },
  {
    title: 'services found by words, with places and opening hours',
    query: `query ServicesByWords {
  network(slug: "alba-bra") {
    services(first: 3, filter: { words: "genitori" }) {
      nodes {
        id
        name
        description
        serviceAtLocations {
          location { name municipality { name } addresses { address1 } }
        }
        schedules { freq byday opensAt closesAt }
      }
    }
  }
}`,
  },
]

export const exampleTabs = examples.map(({ title, query }) => ({ query: `# ${title}\n${query}\n` }))
