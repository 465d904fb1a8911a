-- Redeems tokens, each time for a new device. Arguments: a file of token values, a line each, and
-- what the serial numbers of this run begin with.
dofile(debug.getinfo(1, "S").source:match("^@(.*)/") .. "/result.lua")

local tokens = {}
local prefix
local number = 0

local head = "POST /enroll HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" ..
  "Content-Length: %d\r\n\r\n%s"
local body = '{"enrollmentToken":"%s","device":{"serialNumber":"%s-%08d","manufacturer":"Google",' ..
  '"model":"Pixel 8","osVersion":"16"}}'

function init(arguments)
  for line in io.lines(arguments[1]) do
    tokens[#tokens + 1] = line
  end
  prefix = arguments[2]
end

function request()
  number = number + 1
  local text = string.format(body, tokens[number % #tokens + 1], prefix, number)
  return string.format(head, #text, text)
end
