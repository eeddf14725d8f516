/** A template's bodies, by the places that its context filled. */
export interface RecordedTemplate {
  readonly sha256: string;
  /** all that it reads of a context */
  readonly reads: readonly string[];
  readonly bodies: Readonly<Record<string, unknown>>;
}

export const recordedBodies: readonly RecordedTemplate[] = [
  {
    sha256: '88ac833aa2869607333334a1066ee35b978574c34cae28c05ab73b7e485601e7',
    reads: [
      '/identity/id',
      '/identity/traits/email',
      '/identity/traits/name/first',
      '/identity/traits/name/last',
      '/identity/traits/first_name',
      '/identity/traits/last_name',
      '/flow/transient_payload/language',
    ],
    bodies: {
      '/identity/id': {
        identity_id: '{/identity/id}',
      },
      '/identity/id /flow/transient_payload/language': {
        identity_id: '{/identity/id}',
        language: '{/flow/transient_payload/language}',
      },
      '/identity/id /identity/traits/name/first /identity/traits/name/last': {
        first_name: '{/identity/traits/name/first}',
        identity_id: '{/identity/id}',
        last_name: '{/identity/traits/name/last}',
      },
      '/identity/id /identity/traits/name/first /identity/traits/name/last /flow/transient_payload/language':
        {
          first_name: '{/identity/traits/name/first}',
          identity_id: '{/identity/id}',
          language: '{/flow/transient_payload/language}',
          last_name: '{/identity/traits/name/last}',
        },
      '/identity/id /identity/traits/first_name /identity/traits/last_name': {
        first_name: '{/identity/traits/first_name}',
        identity_id: '{/identity/id}',
        last_name: '{/identity/traits/last_name}',
      },
      '/identity/id /identity/traits/first_name /identity/traits/last_name /flow/transient_payload/language':
        {
          first_name: '{/identity/traits/first_name}',
          identity_id: '{/identity/id}',
          language: '{/flow/transient_payload/language}',
          last_name: '{/identity/traits/last_name}',
        },
      '/identity/id /identity/traits/email': {
        email: '{/identity/traits/email}',
        identity_id: '{/identity/id}',
      },
      '/identity/id /identity/traits/email /flow/transient_payload/language': {
        email: '{/identity/traits/email}',
        identity_id: '{/identity/id}',
        language: '{/flow/transient_payload/language}',
      },
      '/identity/id /identity/traits/email /identity/traits/name/first /identity/traits/name/last': {
        email: '{/identity/traits/email}',
        first_name: '{/identity/traits/name/first}',
        identity_id: '{/identity/id}',
        last_name: '{/identity/traits/name/last}',
      },
      '/identity/id /identity/traits/email /identity/traits/name/first /identity/traits/name/last /flow/transient_payload/language':
        {
          email: '{/identity/traits/email}',
          first_name: '{/identity/traits/name/first}',
          identity_id: '{/identity/id}',
          language: '{/flow/transient_payload/language}',
          last_name: '{/identity/traits/name/last}',
        },
      '/identity/id /identity/traits/email /identity/traits/first_name /identity/traits/last_name': {
        email: '{/identity/traits/email}',
        first_name: '{/identity/traits/first_name}',
        identity_id: '{/identity/id}',
        last_name: '{/identity/traits/last_name}',
      },
      '/identity/id /identity/traits/email /identity/traits/first_name /identity/traits/last_name /flow/transient_payload/language':
        {
          email: '{/identity/traits/email}',
          first_name: '{/identity/traits/first_name}',
          identity_id: '{/identity/id}',
          language: '{/flow/transient_payload/language}',
          last_name: '{/identity/traits/last_name}',
        },
    },
  },
  {
    sha256: '720dfd1ebb9fa80d018a7b2a0c6f5519f0be77ade7edd923cf58348cacf6aa7d',
    reads: ['/identity/id', '/identity/metadata_public'],
    bodies: {
      '/identity/id': {
        identity_id: '{/identity/id}',
        metadata_public: {},
      },
      '/identity/id /identity/metadata_public': {
        identity_id: '{/identity/id}',
        metadata_public: {
          '{/identity/metadata_public}': true,
        },
      },
    },
  },
];
