-- One record_contact a request, on random participants; ids and token from the environment.
local ids, token = {}, os.getenv('BENCH_TOKEN')
for line in io.lines(os.getenv('BENCH_IDS')) do ids[#ids + 1] = line end
local day = os.getenv('BENCH_DAY')
wrk.method = 'POST'
wrk.headers['Authorization'] = 'Bearer ' .. token
wrk.headers['Content-Type'] = 'application/json'
if os.getenv('BENCH_MINIMAL') then wrk.headers['Prefer'] = 'return=minimal' end
math.randomseed(os.time())
request = function()
    return wrk.format(nil, '/v1/commands', nil, '{"command":"record_contact","participant":"' .. ids[math.random(#ids)] ..
        '","on":"' .. day .. '","data":{"channel":"interview","signed":true,"minutes":45}}')
end
