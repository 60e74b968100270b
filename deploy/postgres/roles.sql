-- One writer a table: each service connects as its own role, which may read everything and write its own
-- tables alone. Run it as the owner of the tables after every migration; running it again changes nothing.
-- The roles are made without a password, so that nobody can connect as one before a password is set.
begin;

do $$
declare
    service text;
begin
    foreach service in array array['themeline_ingest', 'themeline_related', 'themeline_api'] loop
        if not exists (select from pg_roles where rolname = service) then
            execute format('create role %I login', service);
        end if;
    end loop;
end
$$;

-- Grants are given afresh: what an earlier version granted and this one does not is taken away.
revoke all on all tables in schema public from themeline_ingest, themeline_related, themeline_api;
revoke create on schema public from public;
grant usage on schema public to themeline_ingest, themeline_related, themeline_api;
grant select on all tables in schema public to themeline_ingest, themeline_related, themeline_api;

grant insert, update, delete on
    sources, articles, article_keys, article_versions, outbox, dispatches, feeds, feed_entries,
    hosts, pages, rejected_items
    to themeline_ingest;

grant insert, update, delete on
    attempts, outcomes, features, vectors, expansions, encodings, postings, placements, relations, stories, themes,
    epochs, uncounted
    to themeline_related;

-- Run with the rights of the tables' owner: an index for the vectors of another encoder.
grant execute on function add_vector_index(text, int), drop_vector_index(text) to themeline_related;

commit;
