/** What an invented directory around Alba and Bra is made of: places that are real, and words as services use them. */

/** A municipality with the coordinates of its centre (WGS 84), its postal code, and how often a place lies in it. */
export const towns: readonly [name: string, latitude: number, longitude: number, postalCode: string][] = [
  ['Alba', 44.7009, 8.0357, '12051'],
  ['Bra', 44.6979, 7.8549, '12042'],
  ['Cherasco', 44.6511, 7.8585, '12062'],
  ['Canale', 44.7982, 7.9975, '12043'],
  ['Sommariva del Bosco', 44.7717, 7.7869, '12048'],
  ['Santo Stefano Belbo', 44.7081, 8.2309, '12058'],
  ['Cortemilia', 44.5802, 8.1924, '12074'],
  ['Montà', 44.8142, 7.9575, '12046'],
  ['Narzole', 44.5944, 7.8703, '12068'],
  ['La Morra', 44.6387, 7.9334, '12064'],
  ['Neive', 44.7271, 8.1152, '12052'],
  ['Guarene', 44.7401, 8.0353, '12050'],
  ["Diano d'Alba", 44.6515, 8.0291, '12055'],
  ['Govone', 44.8043, 8.0954, '12040'],
  ["Corneliano d'Alba", 44.7369, 7.9604, '12040'],
  ["Monticello d'Alba", 44.7203, 7.9441, '12066'],
  ["Vezza d'Alba", 44.7623, 8.0087, '12040'],
  ['Magliano Alfieri', 44.7697, 8.0727, '12050'],
  ['Castagnito', 44.7563, 8.0309, '12050'],
  ['Grinzane Cavour', 44.6523, 7.9943, '12060'],
  ['Pocapaglia', 44.7163, 7.8838, '12060'],
  ['Sanfrè', 44.7521, 7.8021, '12040'],
  ['Ceresole Alba', 44.8003, 7.8219, '12040'],
  ["Monforte d'Alba", 44.5832, 7.9675, '12065'],
  ['Barolo', 44.6109, 7.9427, '12060'],
  ['Barbaresco', 44.7252, 8.0811, '12050'],
  ['Treiso', 44.6903, 8.0867, '12050'],
  ['Mango', 44.6886, 8.1507, '12056'],
  ['Bossolasco', 44.5291, 8.0499, '12060'],
]

/** A need, its place in the tree, and the services that answer it. */
export interface NeedTerm {
  code: string
  parent?: string
  name: string
  services: string[]
}

/** The codes are those of the demonstration's need areas, so that its mapping serves this directory too. */
export const needTerms: readonly NeedTerm[] = [
  { code: 'family', name: 'Famiglia e crescita', services: ['Centro per le famiglie', 'Sportello famiglia'] },
  {
    code: 'parenting',
    parent: 'family',
    name: 'Essere genitori',
    services: ['Gruppo di genitori', 'Colloqui per genitori', 'Corso preparto'],
  },
  {
    code: 'early-childhood',
    parent: 'family',
    name: 'Prima infanzia (0-6 anni)',
    services: ['Asilo nido', 'Baby parking', 'Spazio gioco', 'Micronido'],
  },
  {
    code: 'school-and-growing-up',
    parent: 'family',
    name: 'Scuola e crescita',
    services: ['Doposcuola', 'Aiuto compiti', 'Sportello DSA', 'Estate ragazzi'],
  },
  {
    code: 'adolescents-and-young-people',
    parent: 'family',
    name: 'Adolescenti e giovani',
    services: ['Centro giovani', 'Informagiovani', 'Educativa di strada'],
  },
  { code: 'care', name: 'Cura e autonomia', services: ['Segretariato sociale', 'Sportello unico socio-sanitario'] },
  {
    code: 'elderly-care',
    parent: 'care',
    name: 'Anziani e non autosufficienza',
    services: ['Assistenza domiciliare', 'Centro diurno per anziani', 'Pasti a domicilio', 'Telesoccorso'],
  },
  {
    code: 'disability',
    parent: 'care',
    name: 'Disabilità',
    services: ['Centro diurno disabili', 'Inserimento lavorativo protetto', 'Vita indipendente'],
  },
  { code: 'rare-diseases', parent: 'care', name: 'Malattie rare', services: ['Ambulatorio malattie rare'] },
  {
    code: 'caregivers',
    parent: 'care',
    name: 'Chi si prende cura (caregiver)',
    services: ['Sportello badanti', 'Sollievo per chi assiste', 'Gruppo di auto mutuo aiuto'],
  },
  { code: 'health', name: 'Salute e benessere', services: ['Casa della comunità', 'Consultorio'] },
  {
    code: 'mental-wellbeing',
    parent: 'health',
    name: 'Benessere psicologico',
    services: ['Sportello psicologico', 'Ascolto psicologico', 'Psicologo di base'],
  },
  {
    code: 'healthy-lifestyles',
    parent: 'health',
    name: 'Stili di vita sani',
    services: ['Gruppo di cammino', 'Ginnastica dolce', 'Consulenza nutrizionale'],
  },
  {
    code: 'health-care-access',
    parent: 'health',
    name: 'Accesso alle cure',
    services: ['Guardia medica', 'Prenotazioni visite', 'Ambulatorio infermieristico'],
  },
  { code: 'addictions', parent: 'health', name: 'Dipendenze', services: ['SerD', 'Gruppo per giocatori d’azzardo'] },
  { code: 'work', name: 'Lavoro e tempi di vita', services: ['Sportello lavoro', 'Centro per l’impiego'] },
  {
    code: 'employment',
    parent: 'work',
    name: 'Lavoro e riqualificazione',
    services: ['Orientamento al lavoro', 'Tirocini', 'Corso di qualifica'],
  },
  {
    code: 'work-family-reconciliation',
    parent: 'work',
    name: 'Conciliazione tra lavoro e famiglia',
    services: ['Banca del tempo', 'Buono conciliazione'],
  },
  { code: 'money-and-home', name: 'Casa, denaro e beni', services: ['Sportello sociale', 'Emporio solidale'] },
  {
    code: 'household-budget',
    parent: 'money-and-home',
    name: 'Bilancio familiare',
    services: ['Educazione finanziaria', 'Microcredito'],
  },
  { code: 'debt', parent: 'money-and-home', name: 'Debiti', services: ['Sportello sovraindebitamento', 'Antiusura'] },
  {
    code: 'housing',
    parent: 'money-and-home',
    name: 'Casa e abitare',
    services: ['Agenzia per la locazione', 'Accoglienza notturna', 'Contributo affitto'],
  },
  {
    code: 'food-aid',
    parent: 'money-and-home',
    name: 'Aiuto alimentare',
    services: ['Mensa', 'Pacchi alimentari', 'Emporio alimentare'],
  },
  { code: 'community', name: 'Comunità e relazioni', services: ['Casa di quartiere', 'Centro d’incontro'] },
  {
    code: 'loneliness',
    parent: 'community',
    name: 'Solitudine e vita di comunità',
    services: ['Compagnia telefonica', 'Pranzo insieme'],
  },
  { code: 'volunteering', parent: 'community', name: 'Volontariato', services: ['Sportello volontariato'] },
  {
    code: 'migrants-inclusion',
    parent: 'community',
    name: 'Inclusione delle persone migranti',
    services: ['Corso di italiano', 'Sportello stranieri', 'Mediazione culturale'],
  },
  {
    code: 'mobility',
    parent: 'community',
    name: 'Mobilità e trasporti',
    services: ['Trasporto sociale', 'Accompagnamento alle visite', 'Taxi solidale'],
  },
  { code: 'rights', name: 'Diritti, pratiche e tutela', services: ['Sportello del cittadino', 'Patronato'] },
  {
    code: 'rights-and-paperwork',
    parent: 'rights',
    name: 'Diritti e pratiche',
    services: ['Aiuto per ISEE e bonus', 'CAF', 'SPID facile'],
  },
  {
    code: 'legal-protection',
    parent: 'rights',
    name: 'Tutela legale',
    services: ['Sportello legale', 'Amministratore di sostegno'],
  },
  {
    code: 'gender-violence',
    parent: 'rights',
    name: 'Violenza di genere',
    services: ['Centro antiviolenza', 'Casa rifugio'],
  },
  {
    code: 'digital-skills',
    parent: 'rights',
    name: 'Competenze digitali',
    services: ['Facilitazione digitale', 'Corso di computer'],
  },
]

export const organizationKinds: readonly [kind: string, name: string][] = [
  ['social_cooperative', 'Cooperativa sociale'],
  ['volunteer_association', 'Associazione'],
  ['municipality', 'Servizi sociali di'],
  ['social_care_consortium', 'Consorzio socio-assistenziale'],
  ['foundation', 'Fondazione'],
  ['company', 'Welfare aziendale'],
  ['other', 'Parrocchia'],
]

export const names: readonly string[] = [
  'Langa',
  'Roero',
  'Tanaro',
  'Belbo',
  'Bormida',
  'San Lorenzo',
  'Santa Chiara',
  'San Giovanni',
  'l’Arcobaleno',
  'il Girasole',
  'la Quercia',
  'il Ponte',
  'Insieme',
  'Primavera',
  'Mosaico',
  'Orizzonti',
  'la Bussola',
  'il Melograno',
  'Terra Nostra',
  'Casa Aperta',
]

export const audiences: readonly string[] = [
  'per famiglie',
  'per anziani',
  'per ragazzi',
  'per donne',
  'per lavoratori',
  'per persone con disabilità',
  'per tutti',
]

export const sentences: readonly string[] = [
  'Accoglie le persone che chiedono aiuto e le accompagna ai servizi del territorio.',
  'Lavora con le famiglie, la scuola e il medico di base: “nessuno resta solo”.',
  'Offre ascolto, orientamento e sostegno nelle pratiche, anche a domicilio.',
  'È aperto a tutti i residenti, senza distinzione di età o provenienza.',
  'Collabora con i volontari delle associazioni e con il servizio sociale del consorzio.',
  'Il colloquio è riservato e gratuito; si può tornare quando serve.',
  'Nei mesi estivi si riceve su appuntamento.\nPer le urgenze c’è un numero dedicato.',
  'Gli operatori parlano più lingue e, se occorre, chiamano un mediatore.',
]

export const languages: readonly [code: string, name: string][] = [
  ['it', 'italiano'],
  ['en', 'inglese'],
  ['fr', 'francese'],
  ['ro', 'romeno'],
  ['ar', 'arabo'],
  ['sq', 'albanese'],
  ['uk', 'ucraino'],
]

export const accessibility: readonly [description: string, details: string][] = [
  ['Ingresso senza gradini', 'Porta larga 90 cm.'],
  ['Bagno accessibile', 'Al piano terra.'],
  ['Parcheggio riservato', 'Due posti davanti all’ingresso.'],
  ['Ascensore', 'Con annuncio vocale dei piani.'],
]

export const documents: readonly string[] = ['Carta d’identità', 'Tessera sanitaria', 'ISEE', 'Permesso di soggiorno']
