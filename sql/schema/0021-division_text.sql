-- Views show divisions as text, and clients ask for them so: WHERE division = '460105'.

CREATE UNIQUE INDEX division_text_idx ON code.division ((division::text));
COMMENT ON INDEX code.division_text_idx IS 'Divisions by their code as text, as views show it (区划代码文本)';
