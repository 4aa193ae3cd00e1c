-- Service tokens: the secret itself is never stored.
CREATE TABLE auth_service_tokens (
  id              text   NOT NULL PRIMARY KEY,
  principal       text   NOT NULL,
  owner           text   NOT NULL,
  secret_sha256   text   NOT NULL UNIQUE,
  grants          text   NOT NULL,
  created_at_ms   bigint NOT NULL,
  expires_at_ms   bigint NOT NULL,
  revoked_at_ms   bigint,
  last_used_at_ms bigint,
  note            text   NOT NULL DEFAULT ''
);

-- dialect: postgres
ALTER TABLE auth_service_tokens ALTER COLUMN grants TYPE json USING grants::json;
