// Everything works without this file: it only starts the enhancements of GOV.UK Frontend.
import { initAll } from './govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
