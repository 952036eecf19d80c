# frozen_string_literal: true

require 'nowhere/to/be/found'
