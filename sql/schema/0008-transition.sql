-- The steps between the states of a residence.

CREATE TABLE code.residence_transition (
    from_state  text COLLATE "C",
    to_state    text COLLATE "C" NOT NULL,
    event       text NOT NULL,
    event_zh    text NOT NULL,
    legal_basis text,
    CONSTRAINT residence_transition_key UNIQUE NULLS NOT DISTINCT (from_state, to_state)
);
COMMENT ON TABLE code.residence_transition IS 'The steps between the states of a residence (居住登记状态变更); what is not here cannot happen';
COMMENT ON COLUMN code.residence_transition.from_state IS 'State before, list residence_state; NULL is a new registration';
COMMENT ON COLUMN code.residence_transition.to_state IS 'State after';
COMMENT ON COLUMN code.residence_transition.event IS 'What happens';
COMMENT ON COLUMN code.residence_transition.event_zh IS 'The same in Chinese';
COMMENT ON COLUMN code.residence_transition.legal_basis IS 'The clause it rests on';

INSERT INTO code.residence_transition (from_state, to_state, event, event_zh, legal_basis) VALUES
(NULL,          'reported',    'arrival reported', '申报', '广东省流动人口服务管理条例 Art. 10; 户口登记条例 Art. 15'),
(NULL,          'verifying',   'arrival reported and accepted for a check', '申报并待核实', NULL),
(NULL,          'active',      'arrival registered from a trusted source', '登记', NULL),
(NULL,          'departed',    'a past stay entered afterwards', '补录已离开', NULL),
(NULL,          'moved',       'a past stay entered afterwards, ended by a change of address', '补录已变更', NULL),
(NULL,          'auto_closed', 'a past stay entered afterwards, closed without contact', '补录自动注销', NULL),
('reported',    'verifying',   'accepted for a check', '受理核实', '江西省流动人口服务管理工作规范 (2011)'),
('reported',    'active',      'verified', '核实登记', '佛山市居住证办事指南 (2016)'),
('reported',    'rejected',    'not found, or not so', '核实不通过', NULL),
('reported',    'departed',    'left before the check', '核实前离开', NULL),
('reported',    'moved',       'changed address before the check', '核实前变更', NULL),
('reported',    'voided',      'wrong or entered twice', '作废', NULL),
('verifying',   'active',      'verified', '核实登记', '佛山市居住证办事指南 (2016)'),
('verifying',   'rejected',    'not found, or not so', '核实不通过', NULL),
('verifying',   'departed',    'left before the check', '核实前离开', NULL),
('verifying',   'moved',       'changed address before the check', '核实前变更', NULL),
('verifying',   'voided',      'wrong or entered twice', '作废', NULL),
('active',      'moved',       'change of address', '变更住址', '广东省流动人口服务管理条例 Art. 10'),
('active',      'departed',    'departure, household transfer or death', '离开注销', '广东省流动人口服务管理条例 Art. 21'),
('active',      'auto_closed', 'no contact', '失联自动注销', NULL),
('active',      'voided',      'wrong or entered twice', '作废', NULL),
('auto_closed', 'active',      'the person reappeared in time', '恢复登记', NULL),
('auto_closed', 'voided',      'wrong or entered twice', '作废', NULL),
('departed',    'voided',      'wrong or entered twice', '作废', NULL),
('moved',       'voided',      'wrong or entered twice', '作废', NULL);
