"""A walk through the API with the generated client: arguments are the address, the e-mail address and the password; prints what it found."""

import sys

import shuke

address, email, password = sys.argv[1:4]
tokens = shuke.Client(address).create_session(shuke.SignIn(email=email, password=password))
client = shuke.Client(address, auth={"bearer": tokens.access_token})
made = client.create_customer(shuke.CustomerInput(name="王小明", source="python"))
print("made", client.get_customer(made.id).name)
for event in client.follow_events():
    print("heard", event.id, event.event)
    break
try:
    client.get_customer("0192f0c1-2b3c-7def-8abc-1234567890ab")
except shuke.ApiError as refused:
    print("refused", refused.status)
