-- How long data is kept, as an owner of the data may decide; the register itself sets no limit.
UPDATE policy.setting s SET value = v.value
FROM (VALUES ('retention_person', '5 years'),
             ('retention_application', '2 years'),
             ('retention_visit', '1 year'),
             ('retention_contact', '2 years'),
             ('retention_observation', '2 years'),
             ('retention_credential', '1 year'),
             ('retention_presence_decision', '2 years'),
             ('retention_department_list', '1 year'),
             ('retention_spot_check', '1 year'),
             ('retention_answer', '6 months')) AS v (key, value)
WHERE s.key = v.key AND s.division IS NULL;
