/** What exact data and document fingerprints there are; their hashes are blobs, named by `blob`. */
export const KNOWN_DATA = `
create table postern.known_data (
  kind text not null,
  name text not null,
  document text not null,
  size int not null,
  bytes int not null,
  revision text not null,
  blob text not null,
  at timestamptz not null,
  primary key (kind, name, document)
);
`;
