-- Gives one person a diary of their own on a PostgreSQL server. An administrator runs it once for each person:
--
--     psql -d health -v person=anna -f docs/roles.sql
--     psql -d health -c '\password anna'
--
-- It creates two roles and a schema. anna_owner owns the tables and cannot log in; anna logs in and may read and write
-- records, but not change tables. Nobody else is granted anything. The administrator then creates the diary, as owner:
--
--     kneetrack --db 'postgresql://HOST/health?diary=anna&options=-c%20role%3Danna_owner' plan use hip-first-8w
--
-- and the person uses it:
--
--     export KNEETRACK_DB='postgresql://anna@HOST/health?diary=anna'

\set ON_ERROR_STOP on
\set owner :person _owner

BEGIN;

CREATE ROLE :"owner" NOLOGIN;
CREATE ROLE :"person" LOGIN;
GRANT :"owner" TO CURRENT_USER;

CREATE SCHEMA :"person" AUTHORIZATION :"owner";
REVOKE ALL ON SCHEMA :"person" FROM PUBLIC;
GRANT USAGE ON SCHEMA :"person" TO :"person";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"person"
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"person";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"person"
    GRANT USAGE ON SEQUENCES TO :"person";

-- What PostgreSQL grants to everybody, and nobody needs here.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SELECT format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()) \gexec

COMMIT;
