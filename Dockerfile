# The image of every process of Holdfast; docker-compose.yml says which commands it runs.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HOLDFAST_DATA=/data \
    HOLDFAST_STATIC_ROOT=/srv/static \
    DJANGO_SETTINGS_MODULE=compliance.settings

# Transcripts as PDF are printed with these: Latin and most scripts, Han and kana and Hangul, emoji.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-core fonts-noto-mono fonts-noto-cjk fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/holdfast

COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY . ./
RUN python manage.py collectstatic --no-input
RUN useradd --system --no-create-home --uid 10001 holdfast && mkdir -p /data && chown holdfast /data

USER holdfast
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "python:standalone.web", "--bind", "0.0.0.0:8000", "compliance.wsgi:application"]
