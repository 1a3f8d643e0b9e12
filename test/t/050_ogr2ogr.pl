# 050_ogr2ogr.pl: plain ogr2ogr draws and redraws grids through the staging view map.grid_import, and reads them back.
use strict;
use warnings;
use Residency;
use File::Temp 'tempdir';
use IPC::Run 'run';
use Test::More;

plan skip_all => 'ogr2ogr is not installed' unless eval { run(['ogr2ogr', '--version'], '>', \my $version) };

my $dir = tempdir(CLEANUP => 1);
my $db = database('ogr');
$db->sql('CALL residency.migrate()');
my $target = "PG:dbname=$db->{name} host=$ENV{PGHOST} port=" . ($ENV{PGPORT} // 5432) . ' user=' . ($ENV{PGUSER} // 'postgres');

sub square { my ($x, $y, $width) = @_; return sprintf('[[[%s,%s],[%s,%2$s],[%3$s,%4$s],[%1$s,%4$s],[%1$s,%2$s]]]', $x, $y, $x + ($width // 0.01), $y + 0.01); }
sub collection
{
	my ($file, @grids) = @_;
	open(my $out, '>', "$dir/$file") or die;
	print $out '{"type":"FeatureCollection","features":[' . join(',', map {
		my ($code, $name, $coordinates, $more) = @$_;
		qq({"type":"Feature","properties":{"grid_code":"$code","name":"$name"$more},"geometry":{"type":"Polygon","coordinates":$coordinates}})
	} @grids) . ']}';
	close $out;
	return "$dir/$file";
}
sub ogr2ogr
{
	my @arguments = @_;
	my ($out, $err) = ('', '');
	my $fine = run(['ogr2ogr', @arguments], '>', \$out, '2>', \$err);
	return ($fine, $err);
}
my @append = ('-append', '-nln', 'map.grid_import');

my @two = (['460105001001101', '一', square(110.1, 20), ',"valid_from":"2020-01-01","valid_to":"2999-01-01"'],
	['460105001001102', '二', square(110.11, 20), ',"valid_from":"2020-01-01","valid_to":"2999-01-01"']);
my ($fine, $said) = ogr2ogr(@append, $target, collection('two.geojson', @two));
ok($fine, 'GeoJSON of polygons') or diag($said);
is($db->sql("SELECT string_agg(concat_ws(' ', grid_code, name, kind, lower(period), upper(period)), ', ' ORDER BY grid_code) FROM registry.grid"),
	'460105001001101 一 management 2020-01-01 2999-01-01, 460105001001102 二 management 2020-01-01 2999-01-01', 'drawn, with names and days');
is($db->sql("SELECT ST_SRID(outline) || ' ' || ST_AsText(outline) FROM registry.grid WHERE name = '一'"),
	'4490 MULTIPOLYGON(((110.1 20,110.11 20,110.11 20.01,110.1 20.01,110.1 20)))', 'degrees as they came, multi');

$two[0][2] = square(110.1, 20, 0.005);
($fine, $said) = ogr2ogr(@append, '-nlt', 'PROMOTE_TO_MULTI', '--config', 'PG_USE_COPY', 'YES', $target, collection('again.geojson', @two));
ok($fine, 'again, by COPY and as multipolygons') or diag($said);
is($db->sql("SELECT count(*) || ' ' || min(ST_XMax(outline)) FROM registry.grid"), '2 110.105', 'redrawn');

($fine, $said) = ogr2ogr('-f', 'ESRI Shapefile', "$dir/shape.shp", collection('three.geojson', ['460105001001103', '三', square(110.13, 20), '']),
	'-t_srs', 'EPSG:4549', '-s_srs', 'EPSG:4490', '-lco', 'ENCODING=UTF-8');
ok($fine, 'a shapefile in metres') or diag($said);
($fine, $said) = ogr2ogr(@append, '-t_srs', 'EPSG:4490', '-dim', 'XY', $target, "$dir/shape.shp");
ok($fine, 'is drawn in degrees') or diag($said);
is($db->sql("SELECT name || ' ' || round(ST_XMin(outline)::numeric, 6) || ' ' || ST_NPoints(outline) FROM registry.grid WHERE grid_code = '460105001001103'"),
	'三 110.130000 5', 'where it lies');

my @refused = (['460105001001104', '四', square(110.15, 20), ''], ['460105001001105', '五', square(110.155, 20), '']);
($fine, $said) = ogr2ogr(@append, $target, collection('overlap.geojson', @refused));
ok(!$fine, 'grids that overlap are refused');
like($said, qr/grids of one kind do not overlap/, 'with the reason');
is($db->sql('SELECT count(*) FROM registry.grid'), 3, 'and nothing of that file is kept');

($fine, $said) = ogr2ogr('-f', 'GPKG', "$dir/out.gpkg", $target, 'map.grid');
ok($fine, 'map.grid is read') or diag($said);
my $info = '';
run(['ogrinfo', '-al', '-so', "$dir/out.gpkg"], '>', \$info, '2>', \$said);
like($info, qr/Feature Count: 3/, 'all of it');
like($info, qr/Geometry: Multi Polygon/, 'as multipolygons');
like($info, qr/"EPSG",4490/, 'in CGCS2000');
like($info, qr/residents: Integer/, 'with its residents');

done_testing();
