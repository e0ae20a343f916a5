-- Makes a copy of the database harmless: `odoo neutralize`, and what Odoo's pages call
-- so. Each step works on an older version's tables too.

-- Nothing is drained, read or sent for a paused source.
UPDATE saas_source
   SET state = 'paused';

-- Nobody can sign for this database or read its figures, and it can call nobody.
DELETE FROM saas_source_secret;
DO $$
BEGIN
    IF to_regclass('saas_vault') IS NOT NULL THEN
        DELETE FROM saas_vault;
    END IF;
    IF to_regclass('saas_metrics_token') IS NOT NULL THEN
        DELETE FROM saas_metrics_token;
    END IF;
    IF EXISTS (
        SELECT FROM information_schema.columns
         WHERE table_schema = current_schema()
           AND table_name = 'saas_source'
           AND column_name = 'api_key'
    ) THEN
        UPDATE saas_source
           SET api_key = NULL;
    END IF;
END
$$;

-- The jobs that wait, ours alone. A reading or comparison that lost its job has failed:
-- a person resumes it once there is a key.
DELETE FROM queue_job
 WHERE (model_name LIKE 'saas.%' OR method_name = '_job_saas_check_vies')
   AND state <> 'done';
UPDATE saas_pull_run
   SET state = 'failed', last_error = 'The database was neutralized.'
 WHERE state = 'running';
UPDATE saas_reconciliation
   SET state = 'failed', problem = 'The database was neutralized.'
 WHERE state = 'running';

-- Whoever takes this for the real database has to say so. The row is a mark, not none:
-- where none is, the first use records one.
DO $$
BEGIN
    IF to_regclass('saas_environment') IS NOT NULL THEN
        DELETE FROM saas_environment;
        INSERT INTO saas_environment (state)
        VALUES ('blocked');
    END IF;
END
$$;
