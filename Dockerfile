# Thuis in a container, for Windows and wherever Python is not at hand (docs/windows.md). Two lines:
#   docker build -t thuis .
#   docker run --rm -it -v "$PWD:/work" -v thuis-cache:/cache thuis run region=vaals
FROM python:3.12-slim

WORKDIR /thuis
COPY requirements-build.lock requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements-build.lock
RUN pip install --no-cache-dir --require-hashes --no-deps --no-build-isolation --requirement requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

# Results go to the folder that is mounted here; compiled code and settled starts are kept in the volume, which takes
# its rights from this folder: with --user they are kept too.
RUN mkdir -m 1777 /cache
ENV XDG_CACHE_HOME=/cache HOME=/tmp
WORKDIR /work
ENTRYPOINT ["thuis"]
CMD ["--help"]
