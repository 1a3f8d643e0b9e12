-- Duties to report: whose they are and when they are due is worked out from the records (sql/view/52-report_duty.sql)
-- and from policies of the same names; what the law leaves open is set here.

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on) VALUES
('arrival_reported_once', 'boolean', NULL, 'Whether one report of an arrival, by whomever, fulfils the duty of landlord, employer and hotel too', '一人申报后其他义务人是否视为已申报', 'day of arrival'),
('report_looks_back', 'interval', NULL, 'How far back a list of late reports looks unless asked otherwise', '逾期申报清单的追溯期', 'day of the list')
ON CONFLICT DO NOTHING;

INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('arrival_reported_once', NULL, '[1949-10-01,)', 'true', 'The register''s own: what it knows nobody needs to report again; a place that punishes each obligor for itself sets false'),
('report_looks_back', NULL, '[1949-10-01,)', '2 years', '行政处罚法 Art. 36: what is not found out within two years is not punished (from own knowledge)');

INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('arrival_reported_once', NULL, '2024-05-01', 'true', 'The register''s own: one report of an arrival is enough'),
('report_looks_back', NULL, '2024-05-01', '2 years', '行政处罚法 Art. 36');
